"""Messages in pieces, for the tests of the parser."""


def letter(content: str, *fields: str) -> bytes:
    lines = ["From: Ana <ana@x.example>", "Subject: Hola", *fields, "", content]
    return "\r\n".join(lines).replace("\r\n", "\n").replace("\n", "\r\n").encode()


def multipart(subtype: str, *parts: str, boundary: str = "b") -> bytes:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--\n"
    return letter(body, f"Content-Type: multipart/{subtype}; boundary={boundary}")


def part(content: str = "", content_type: str = "text/plain", *fields: str) -> str:
    return "\n".join([f"Content-Type: {content_type}", *fields, "", content])
