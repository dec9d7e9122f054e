"""Multipart forms of every broken kind are refused in the official shape and leave nothing behind."""

import pytest

KEY = {"authorization": "Bearer sk-x"}
FORM = KEY | {"content-type": "multipart/form-data; boundary=b"}


def part(name, value, *, filename=None, header=b""):
    more = b"" if filename is None else b'; filename="' + filename + b'"'
    return b'--b\r\n%sContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (header, name, more, value)


END = b"--b--\r\n"
PURPOSE, FILE = part(b"purpose", b"user_data"), part(b"file", b"contents", filename=b"f")
EXPIRES = part(b"expires_after[anchor]", b"created_at")
LINES = part(b"purpose", b"fine-tune")
BAD_FORMS = {
    "nothing": b"",
    "only the end": END,
    "cut off in a header": PURPOSE + FILE[:20],
    "cut off in a file": PURPOSE + FILE[:-5],
    "cut off before the end": PURPOSE + FILE,
    "1,000 fields": b"".join(part(b"k%d" % number, b"v") for number in range(1000)) + END,
    "1,000 files": b"".join(part(b"k%d" % number, b"v", filename=b"f") for number in range(1000)) + END,
    "a field of a megabyte": part(b"purpose", b"a" * 2**20) + FILE + END,
    "another file of a megabyte": PURPOSE + part(b"other", b"a" * 2**20, filename=b"f") + FILE + END,
    "a header of a megabyte": part(b"purpose", b"user_data", header=b"X: " + b"a" * 2**20 + b"\r\n")
    + FILE
    + END,
    "5,000 headers": part(b"purpose", b"user_data", header=b"X: a\r\n" * 5000) + FILE + END,
    "a file name of 100 KB": PURPOSE + part(b"file", b"x", filename=b"f" * 100_000) + END,
    "two files": PURPOSE + FILE + FILE + END,
    "a file without a name": PURPOSE + part(b"file", b"contents") + END,
    "a purpose that is a file": part(b"purpose", b"user_data", filename=b"p") + FILE + END,
    "a purpose that is no UTF-8": part(b"purpose", b"\xff") + FILE + END,
    "a zero byte": part(b"purpose", b"user_data\x00") + FILE + END,
    "line feeds alone": (PURPOSE + FILE + END).replace(b"\r\n", b"\n"),
    "another boundary": (PURPOSE + FILE + END).replace(b"--b", b"--c"),
    "words before the first boundary": b"hello\r\n" + PURPOSE + FILE + END,
    "10,000 digits": PURPOSE + EXPIRES + part(b"expires_after[seconds]", b"9" * 10_000) + FILE + END,
    "digits of another script": PURPOSE
    + EXPIRES
    + part(b"expires_after[seconds]", "٣٦٠٠".encode())
    + FILE
    + END,
    "lines of 100,000 lists in each other": LINES + part(b"file", b"[" * 100_000, filename=b"f") + END,
    "lines of zero bytes": LINES + part(b"file", b"\x00" * 100, filename=b"f") + END,
    "lines that are no UTF-8": LINES + part(b"file", b'{"prompt":"\xff"}', filename=b"f") + END,
    "lines with half a surrogate pair": LINES + part(b"file", b'{"prompt":"\\ud800"}', filename=b"f") + END,
    "lines with 10,000 digits": LINES
    + part(b"file", b'{"prompt":' + b"9" * 10_000 + b"}", filename=b"f")
    + END,
    "lines of nothing": LINES + part(b"file", b"", filename=b"f") + END,
}


@pytest.mark.parametrize("form", BAD_FORMS.values(), ids=BAD_FORMS)
def test_a_bad_form_is_a_400_and_leaves_nothing_behind(server, http, refused, form):
    refused(http.post(f"{server.url}/files", content=form, headers=FORM), 400)

    assert [] == list(server.world.blobs.path("").iterdir())


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="',
        "multipart/form-data; boundary=c",
        "multipart/form-data; boundary=b; boundary=c",
        pytest.param("multipart/form-data; boundary=" + "b" * 300, id="a boundary of 300 letters"),
        "multipart/mixed; boundary=b",
        "application/x-www-form-urlencoded",
        "application/json",
        "",
    ],
)
def test_a_form_whose_kind_or_boundary_is_wrong_is_refused(server, http, refused, kind):
    headers = KEY | {"content-type": kind}

    refused(http.post(f"{server.url}/files", content=PURPOSE + FILE + END, headers=headers), 400, 415)
    assert [] == list(server.world.blobs.path("").iterdir())


@pytest.mark.parametrize(
    "form", [PURPOSE + FILE + END + b"and more", PURPOSE + part(b"color", b"red") + FILE + END]
)
def test_what_a_form_carries_beside_its_file_does_no_harm(server, http, form):
    answer = http.post(f"{server.url}/files", content=form, headers=FORM)

    assert (200, len(b"contents")) == (answer.status_code, answer.json()["bytes"])
