"""Looks for a code in the text of a PDF from stdin, under limits; a script without the program.

Argument: the code. Writes "ada" or "tidak ada"; "rusak" where nobody could open the file.
"""

import io
import resource
import sys

MEMORY_BYTES = 1024**3
CPU_SECONDS = 8


def main(code: str) -> str:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(sys.stdin.buffer.read()))
        if reader.is_encrypted or not len(reader.pages):
            return "rusak"
    except Exception:
        return "rusak"
    for page in reader.pages:
        try:
            text = page.extract_text()
        except Exception:  # noqa: S112  one odd page does not hide what stands on the others
            continue
        if code in "".join(sign for sign in text.upper() if sign.isalnum()):
            return "ada"
    return "tidak ada"


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1]))
