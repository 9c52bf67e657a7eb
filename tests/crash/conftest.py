import sys
from pathlib import Path

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))
