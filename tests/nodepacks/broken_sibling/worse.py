nothing = (
