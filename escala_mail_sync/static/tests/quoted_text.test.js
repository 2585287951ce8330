import {describe, expect, test} from "@odoo/hoot";
import {foldQuotedText} from "@escala_mail_sync/email_workspace/conversation/quoted_text";

describe.current.tags("headless");

/** Fold, and return what is still seen and what is folded, as text. */
function fold(html) {
    const doc = new DOMParser().parseFromString(html, "text/html");
    const isFolded = foldQuotedText(doc, "Show quoted text");
    const details = doc.querySelector("details");
    details?.querySelector("summary").remove();
    const folded = details?.textContent.replace(/\s+/g, " ").trim();
    details?.remove();
    return {isFolded, seen: doc.body.textContent.replace(/\s+/g, " ").trim(), folded};
}

function expectFolded(html, seen, folded) {
    expect(fold(html)).toEqual({isFolded: true, seen, folded});
}

function expectWhole(html) {
    expect(fold(html).isFolded).toBe(false);
}

test("Gmail", () => {
    expectFolded(
        `<div dir="ltr">Yes</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Ana wrote:<br></div>
        <blockquote class="gmail_quote">Can you?</blockquote></div>`,
        "Yes",
        "On Mon, Ana wrote: Can you?"
    );
});

test("what stands below a quotation stays", () => {
    expectFolded('<p>Yes</p><div class="gmail_quote">Can you?</div><p>Ana</p>', "Yes Ana".replace(" ", ""), "Can you?");
});

test("Apple Mail, Thunderbird and our own", () => {
    expectFolded(
        '<div>Sí<br><div><blockquote type="cite"><div>El 3 oct 2026, Ana escribió:</div>¿Puedes?</blockquote></div></div>',
        "Sí",
        "El 3 oct 2026, Ana escribió:¿Puedes?"
    );
    expectFolded(
        '<p>Ja</p><div class="moz-cite-prefix">Am 3.10.26 um 10:00 schrieb Ana:</div><blockquote type="cite">Kannst du?</blockquote>',
        "Ja",
        "Am 3.10.26 um 10:00 schrieb Ana:Kannst du?"
    );
    expectFolded(
        '<p>Sí</p><div class="o_escala_quoted"><p>El 3 oct, Ana escribió:</p><blockquote>¿Puedes?</blockquote></div>',
        "Sí",
        "El 3 oct, Ana escribió:¿Puedes?"
    );
});

test("a line that says who wrote goes with what is quoted", () => {
    expectFolded(
        "<div>Yes<br>On Mon, 5 Oct 2026, <a href='mailto:a@x.example'>Ana</a> wrote:<br><blockquote>Can you?</blockquote></div>",
        "Yes",
        "On Mon, 5 Oct 2026, Ana wrote:Can you?"
    );
});

test("Outlook: everything after the headers of the earlier e-mail", () => {
    const headers = "<b>From:</b> Ana<br><b>Sent:</b> Monday<br><b>To:</b> Laura<br><b>Subject:</b> Offer";
    expectFolded(
        `<div><p>Yes</p><div><div style="border-top:solid #E1E1E1 1.0pt"><p>${headers}</p></div></div><p>Can you?</p></div>`,
        "Yes",
        "From: AnaSent: MondayTo: LauraSubject: OfferCan you?"
    );
    expectFolded(
        '<p>Yes</p><hr><div id="divRplyFwdMsg">From: Ana</div><div>Can you?</div>',
        "Yes",
        "From: AnaCan you?"
    );
    expectFolded(
        "<div><p>Sí</p><p>De: Ana<br>Enviado el: lunes<br>Para: Laura</p></div><table><tr><td>¿Puedes?</td></tr></table>",
        "Sí",
        "De: AnaEnviado el: lunesPara: Laura¿Puedes?"
    );
});

test("plain text", () => {
    expectFolded(
        "<p>Yes<br>--<br>Laura<br>On Mon, 5 Oct 2026 at 10:00,<br>Ana wrote:<br>&gt; Can you?<br>&gt;<br>&gt;&gt; older<br></p>",
        "Yes--Laura",
        "On Mon, 5 Oct 2026 at 10:00,Ana wrote:> Can you?>>> older"
    );
});

test("answers between the quotations stay readable", () => {
    expectWhole("<p>&gt; Can you?<br>Yes<br>&gt; When?<br>Tomorrow</p>");
    expectWhole('<blockquote type="cite">Can you?</blockquote>Yes<blockquote type="cite">When?</blockquote>Tomorrow');
});

test("an e-mail of which nothing would be left is not folded", () => {
    expectWhole('<div class="gmail_quote">On Mon, Ana wrote: Can you?</div>');
    expectWhole("<p>&gt; Can you?</p>");
});

test("what is passed on stays", () => {
    expectWhole('<p>For you</p><div class="gmail_quote">---------- Forwarded message ---------<br>From: Ana</div>');
    expectWhole('<p>For you</p><div class="o_escala_quoted"><p>---- Forwarded e-mail ----</p>Hi</div>');
});

test("quoted words of somebody else are no earlier e-mail", () => {
    expectWhole("<p>As the poet says</p><blockquote>Walker, there is no path</blockquote>");
    expectWhole("<p>What I wrote: nothing</p><p>Regards</p>");
    expectWhole("<p>Hello</p>");
    expectWhole("");
});

test("an image above is something", () => {
    expectFolded('<img src="data:,"><div class="gmail_quote">On Mon, Ana wrote: Can you?</div>', "", "On Mon, Ana wrote: Can you?");
});
