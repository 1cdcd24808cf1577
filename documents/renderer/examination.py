"""Looks a template through for whoever changed it: every slip at once, not only the first.

What the rendering itself refuses, it refuses at the first slip; here each tag is read by itself, so
that one wrong tag does not hide the next.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from jinja2 import TemplateSyntaxError

from documents.renderer.images import kind_of_place
from documents.renderer.inspection import Reader
from documents.renderer.names import WP
from documents.renderer.places import Places, places_of
from documents.renderer.sandbox import Forbidden, Sandbox
from documents.renderer.syntax import TagError, check_blocks, in_words
from documents.renderer.word import _parts, _patched
