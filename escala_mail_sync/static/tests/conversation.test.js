import {describe, expect, test} from "@odoo/hoot";
import {ConversationActions} from "@escala_mail_sync/email_workspace/conversation/conversation_actions";
import {getMailtoAction} from "@escala_mail_sync/email_workspace/conversation/mailto";
import {getOlder} from "@escala_mail_sync/email_workspace/conversation/fold_conversation";
import {getEmailOptions} from "@escala_mail_sync/email_workspace/conversation/email_options";

describe.current.tags("headless");

const makeEmails = (count) => Array.from({length: count}, (_each, index) => ({id: index + 1}));

test("many older e-mails are put together, the first and the last of them stay", () => {
    expect(getOlder(makeEmails(4), new Set([4]))).toBe(null);
    expect(getOlder(makeEmails(6), new Set([6]))).toEqual({start: 1, end: 4});
    expect(getOlder(makeEmails(30), new Set([30]))).toEqual({start: 1, end: 28});
    expect(getOlder(makeEmails(30), new Set([3, 30]))).toBe(null);
});

const RIGHTS = {write: true, link: true, contact: true, lead: true, see_leads: true};
const EMAIL = {direction: "in", sender_email: "ana@x.example", can_remove: true, can_share: true};

function getNames(email, rights, isTrusted = false) {
    const conversation = {thread_id: 1, rights: {...RIGHTS, ...rights}};
    const groups = getEmailOptions({...EMAIL, ...email}, conversation, {isTrusted}, {});
    return groups.flat().map(({name}) => name);
}

test("only what somebody may do is offered", () => {
    const all = getNames({}, {});
    expect(all).toInclude("assign");
    expect(all).toInclude("action_share");
    expect(all).toInclude("remove");
    const few = getNames({can_remove: false, can_share: false}, {link: false, lead: false});
    expect(few).toEqual(["reply_all", "forward", "unread", "print", "exclude"]);
    expect(getNames({can_remove: false, can_share: false}, {link: false, lead: false, write: false})).toEqual(
        ["unread", "print"]
    );
    expect(getNames({}, {lead: false})).not.toInclude("lead");
    expect(getNames({direction: "out"}, {})).not.toInclude("unread");
});

test("a switch is offered the way that it is not", () => {
    expect(getNames({is_shared_on_purpose: true}, {})).toInclude("action_stop_sharing");
    expect(getNames({is_shared_on_purpose: true}, {})).not.toInclude("action_share");
    expect(getNames({can_hide: true, is_conversation_hidden: true}, {})).toInclude(
        "action_show_conversation"
    );
    expect(getNames({}, {}, true)).toInclude("distrust");
    expect(getNames({}, {}, false)).not.toInclude("distrust");
});

test("what has come in since is told to be read when it is unfolded, and the rest once", async () => {
    const emails = [
        {id: 1, unread: true},
        {id: 2, unread: true},
    ];
    const call = async (_model, method, [ids]) => expect.step(`${method} ${ids}`);
    const model = {
        state: {conversation: {emails}},
        orm: {silent: {call}},
        showAsRead: (count) => expect.step(`read ${count}`),
    };
    const actions = new ConversationActions(model, {});
    await actions.markRead(new Set([2]));
    expect.verifySteps(["mark_read 1,2", "read 2"]);
    expect(emails.map(({unread}) => unread)).toEqual([true, false]);
    emails.push({id: 3, unread: true});
    await actions.markRead(new Set([1, 2, 3]));
    expect.verifySteps(["mark_read 3", "read 1"]);
    expect(emails.some(({unread}) => unread)).toBe(false);
});

test("a link to write begins with what it says, a plus as well", () => {
    const {context} = getMailtoAction(
        "mailto:ana@x.example?to=iker@x.example&Cc=eva@x.example&subject=C++%20%26%20m%C3%A1s"
    );
    expect(context).toEqual({
        default_to: "ana@x.example, iker@x.example",
        default_cc: "eva@x.example",
        default_subject: "C++ & más",
    });
    expect(getMailtoAction("mailto:100%@x.example").context.default_to).toBe("100%@x.example");
});
