"""What libraries raise over files that are damaged, or made to do harm. Pure.

The readers of archives, workbooks and pictures were written for good files: over others they end in whatever their
innermost line raises. Whoever opens a file from outside catches these and says in his own words that it is damaged.

What the libraries themselves remark about a file of somebody's (a validation they do not know, a wrong offset) is no
news for the log of a server, and is kept back from here on.
"""
import logging
import struct
import warnings
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from lxml import etree
from PIL import Image

ARCHIVE = (
    LookupError, ValueError, TypeError, AttributeError, OverflowError, AssertionError, EOFError, OSError,
    SyntaxError, NotImplementedError, RuntimeError, struct.error, zlib.error, zipfile.BadZipFile, ParseError,
    etree.LxmlError)
"""of a zip archive, or of a workbook or text in one; RuntimeError: encrypted, or nested too deep"""
PICTURE = (*ARCHIVE, Image.DecompressionBombError)

warnings.filterwarnings("ignore", module=r"(openpyxl|PIL)(\.|$)")
logging.getLogger("PyPDF2").setLevel(logging.ERROR)
