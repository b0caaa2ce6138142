"""Takes TensorFlow's C libraries and the headers that its C interface needs out of a wheel.

usage: extract_wheel.py WHEEL FOLDER
"""

import pathlib
import shutil
import sys
import zipfile

HEADERS = (
    "tensorflow/include/tensorflow/c/",
    "tensorflow/include/tensorflow/core/platform/",
    "tensorflow/include/tsl/",
    "tensorflow/include/xla/tsl/",
)
LIBRARIES = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")


def main(wheel: str, folder: str) -> None:
    target = pathlib.Path(folder)
    libraries = 0
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name in LIBRARIES:
                path = target / "lib" / name.rsplit("/", 1)[1]
                libraries += 1
            elif name.startswith(HEADERS) and name.endswith(".h"):
                path = target / "include" / name.removeprefix("tensorflow/include/")
            else:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, open(path, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
    if libraries != len(LIBRARIES):
        sys.exit(f"{wheel} does not hold {' and '.join(LIBRARIES)}")


main(*sys.argv[1:])
