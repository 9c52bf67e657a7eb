print("loading the prints nodepack")


def shout(text: str) -> str:
    print(text)
    return text.upper()
