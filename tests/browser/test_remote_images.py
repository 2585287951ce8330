"""Opening an e-mail must not tell its sender."""


def test_remote_images_are_fetched_only_when_asked_for(page, web):
    elsewhere = []
    page.on(
        "request",
        lambda request: request.url.startswith((web, "data:", "blob:")) or elsewhere.append(request.url),
    )
    page.goto("/odoo/emails?view_type=list")
    page.click(".o_data_row:has-text('Presupuesto para garaje')")
    page.wait_for_selector("[name=body]:has-text('garaje')")
    page.wait_for_timeout(1000)
    assert not elsewhere
    page.route(lambda url: not url.startswith(web), lambda route: route.fulfill(status=404))
    with page.expect_request("**/pixel.gif*"):
        page.click("a[name=remote_images]")
    page.wait_for_timeout(500)
    page.console_errors.clear()  # the 404 of the image
