"""pip, for the lab's PyPI."""
__version__ = '25.0.1'
