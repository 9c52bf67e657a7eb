"""The script behind ``dev.py pictures``: small pictures of real runs."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from template_pictures import LARGEST, as_webp, asking

SCRIPT = Path(__file__).with_name("template_pictures.py")


def png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def test_a_picture_is_as_good_as_its_size_allows():
    noise = Image.frombytes("RGB", (320, 200), os.urandom(320 * 200 * 3))
    picture = as_webp(png(noise))
    assert LARGEST * 0.2 < len(picture) <= LARGEST
    assert Image.open(io.BytesIO(picture)).size == (320, 200)


def test_a_picture_that_cannot_be_made_small_is_refused():
    with pytest.raises(ValueError, match="larger than 60,000 bytes"):
        as_webp(png(Image.frombytes("RGB", (800, 800), os.urandom(800 * 800 * 3))))


def test_a_template_asks_the_local_server_and_stays_as_it_is_otherwise():
    template = {"nodes": [{"data": {"base_url": "https://api.openai.com/v1", "model": "m"}}]}
    assert asking("http://127.0.0.1:9/v1", template) == {
        "nodes": [{"data": {"base_url": "http://127.0.0.1:9/v1", "model": "m"}}]
    }


# Without a browser it is left out.
@pytest.mark.usefixtures("browser")
def test_a_picture_is_taken_of_a_run(tmp_path: Path):
    command = [sys.executable, str(SCRIPT), "worked-example", "--into", str(tmp_path)]
    taken = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert taken.returncode == 0, taken.stderr
    assert Image.open(io.BytesIO((tmp_path / "worked-example.webp").read_bytes())).size == (1328, 830)
