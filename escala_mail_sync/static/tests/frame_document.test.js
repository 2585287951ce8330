import {describe, expect, test} from "@odoo/hoot";
import {makeFrameDocument} from "@escala_mail_sync/email_workspace/conversation/frame_document";

describe.current.tags("headless");

const ORIGIN = "https://odoo.example";

function make(html, withRemoteImages = false) {
    const source = makeFrameDocument(html, {
        withRemoteImages,
        origin: ORIGIN,
        quotedLabel: "Show quoted text",
    });
    return new DOMParser().parseFromString(source, "text/html");
}

function getPolicy(doc) {
    return doc.querySelector("meta[http-equiv=Content-Security-Policy]").content;
}

test("nothing comes from elsewhere, and images when they are allowed", () => {
    const blocked = getPolicy(make("<p>Hi</p>"));
    expect(blocked).toInclude("default-src 'none'");
    expect(blocked).toInclude("img-src https://odoo.example/web/image/ data:;");
    expect(blocked).not.toInclude("script-src");
    expect(getPolicy(make("<p>Hi</p>", true))).toInclude("data: http: https:;");
});

test("what runs, fetches or leads away is not there", () => {
    const doc = make(
        `<script>1</script><iframe src="//x.example"></iframe><meta http-equiv="refresh" content="0;url=//x.example">
        <link rel="prefetch" href="//x.example"><base href="//x.example"><style>@import "//x.example"</style>
        <p onclick="1" autofocus>Hi</p>`
    );
    expect(doc.body.innerHTML).not.toInclude("x.example");
    expect(doc.body.innerHTML).not.toInclude("script");
    expect(doc.querySelector("p").attributes.length).toBe(0);
    expect(doc.querySelectorAll("meta[http-equiv=refresh], link").length).toBe(0);
});

test("links open elsewhere and say nothing of where they come from", () => {
    const doc = make(
        `<a id="web" href="https://x.example">1</a><a id="script" href=" javascript:alert(1)">2</a>
        <a id="own" href="/web/session/logout">3</a><a id="mail" href="mailto:a@x.example">4</a><a id="data" href="data:text/html,x">5</a>`
    );
    const followed = [...doc.querySelectorAll("a[href]")].map(({id}) => id);
    expect(followed).toEqual(["web", "mail"]);
    const web = doc.querySelector("#web");
    expect([web.target, web.rel]).toEqual(["_blank", "noopener noreferrer"]);
});

test("no page of Odoo is fetched in the reader's name, also when images are shown", () => {
    const doc = make(
        `<img id="own" src="/web/image/7"><img id="logout" src="/web/session/logout"><img id="whole" src="${ORIGIN}/odoo">
        <img id="remote" src="https://x.example/1.png"><p style="background:url('/web/session/logout')">Hi</p>`,
        true
    );
    const shown = [...doc.querySelectorAll("img[src]")].map(({id}) => id);
    expect(shown).toEqual(["own", "remote"]);
    expect(doc.body.innerHTML).not.toInclude("logout'");
    expect(doc.querySelector("p").getAttribute("style")).not.toInclude("logout");
});

test("what is quoted is folded, with a name", () => {
    const doc = make('<p>Yes</p><div class="gmail_quote">On Mon, Ana wrote: Can you?</div>');
    expect(doc.querySelector("details > summary").getAttribute("aria-label")).toBe("Show quoted text");
    expect(doc.querySelector("details").open).toBe(false);
});

test("text runs as it is written", () => {
    expect(make("<p>שלום</p>").body.dir).toBe("auto");
    expect(make('<body dir="rtl"><p>שלום</p></body>').body.dir).toBe("rtl");
    expect(make(`<body dir='"><img src=//x.example>'><p>Hi</p></body>`).body.dir).toBe("auto");
});

test("a picture is no way to fetch a page of Odoo as the reader", () => {
    const doc = make(
        `<img src="https://x.example/1.png" srcset="https://x.example/1.png 1x, /web/session/logout 2x">
        <p style="background: URL( /web/session/logout )">Hi</p>
        <p style="background: image-set('/web/session/logout' 1x)">Hi</p>`,
        true
    );
    expect(doc.body.innerHTML).not.toInclude("logout");
    expect(doc.querySelector("img").getAttribute("src")).toBe("https://x.example/1.png");
});
