"""The page that the text of an e-mail is shown as in the portal."""

from escala_client_portal.email_document import POLICY, make_document


def test_pictures_of_the_email_become_part_of_the_page_and_others_are_left_out():
    html = make_document(
        '<img src="/web/image/5"><img src="/web/image/6?x=1">', {5: "data:image/png;base64,AA"}, "T"
    )
    assert 'src="data:image/png;base64,AA"' in html
    assert "/web/image" not in html


def test_a_number_that_is_too_long_is_left_out():
    assert (
        make_document('<img src="/web/image/' + "1" * 5000 + '">', {1: "data:,a"}, "T").count("data:,") == 1
    )


def test_the_page_may_neither_run_nor_fetch():
    assert "default-src 'none'" in POLICY
    assert "allow-scripts" not in POLICY
