import sys

sys.exit("this file thinks it is a program")
