class Words:
    def __call__(self, text: str) -> str:
        return text
