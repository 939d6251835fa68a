"""The library of schemes that come with CanBo: finding one by its id or by a path. Reads no data."""

from importlib.resources import as_file, files
from pathlib import Path

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import nearest


def library_paths() -> dict[str, Path]:
    """The scheme files of the library by id, in the order of their provinces' folders."""
    with as_file(files("canbo") / "definitions" / "schemes") as folder:
        return {path.stem: path for path in sorted(folder.glob("*/*.yaml"))}


def find_scheme(name: str) -> Path:
    """The file of a scheme named by its id or by a path.

    :raises Refused: when there is neither; with the nearest id.
    """
    library = library_paths()
    if name in library:
        return library[name]
    path = Path(name)
    if path.is_file():
        return path
    near = nearest(name, library)
    hint_vi = f" Có phải “{near}” không?" if near else ""
    hint_en = f" Do you mean “{near}”?" if near else ""
    raise Refused(
        pick(
            f"Không có đề án hay tệp “{name}”.{hint_vi} Chạy “canbo schemes” để xem thư viện.",
            f"There is no scheme or file “{name}”.{hint_en} Run “canbo schemes” to see the library.",
        )
    )
