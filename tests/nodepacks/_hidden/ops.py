raise RuntimeError("underscored folders are not looked at")
