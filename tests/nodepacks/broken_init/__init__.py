raise ValueError("the package itself is broken")
