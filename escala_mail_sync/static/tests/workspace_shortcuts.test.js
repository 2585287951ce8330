import {expect, test} from "@odoo/hoot";
import {contains, getService, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {Component, xml} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {makeCommands} from "@escala_mail_sync/email_workspace/keyboard/keyboard_commands";
import {SHORTCUTS} from "@escala_mail_sync/email_workspace/keyboard/shortcuts";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {press} from "@odoo/hoot-dom";
import {useShortcuts} from "@escala_mail_sync/email_workspace/keyboard/use_shortcuts";

defineMailModels();

class Workspace extends Component {
    static template = xml`<div><div class="o_searchview"><input class="search"/></div><input class="tick" type="checkbox"/><p contenteditable="true">x</p></div>`;
    static props = {};

    setup() {
        const commands = SHORTCUTS.filter(({command}) => command).map(({command}) => [
            command,
            () => expect.step(command),
        ]);
        useShortcuts(Object.fromEntries(commands));
    }
}

class SomeDialog extends Component {
    static template = xml`<Dialog>Hello</Dialog>`;
    static components = {Dialog};
    static props = {close: Function};
}

test("plain keys do what the help says", async () => {
    await mountWithCleanup(Workspace);
    for (const key of ["j", "k", "u", "x", "e", "r", "a", "f", "c", "/", "escape", "?"]) {
        await press(key);
    }
    expect.verifySteps([
        "next",
        "previous",
        "backToList",
        "select",
        "markDone",
        "reply",
        "replyAll",
        "forward",
        "compose",
        "search",
        "leave",
        "help",
    ]);
});

test("who is typing types", async () => {
    await mountWithCleanup(Workspace);
    for (const selector of [".search", "[contenteditable]"]) {
        await contains(selector).focus();
        await press("e");
        await press("/");
    }
    expect.verifySteps([]);
    await press("Escape");
    expect.verifySteps([]);
    await contains(".search").focus();
    await press("Escape");
    expect.verifySteps(["leave"]);
    await contains(".tick").focus();
    await press("e");
    await press("/");
    expect.verifySteps(["markDone", "search"]);
});

test("a dialog has its keys for itself", async () => {
    await mountWithCleanup(Workspace);
    getService("dialog").add(SomeDialog);
    await animationFrame();
    await press("e");
    await press("?");
    expect.verifySteps([]);
});

test("keys with Alt or Control are somebody else's", async () => {
    await mountWithCleanup(Workspace);
    await press(["control", "e"]);
    await press(["alt", "r"]);
    await press(["control", "/"]);
    expect.verifySteps([]);
});

test("keys are for what lies over the workspace, an open menu say", async () => {
    await mountWithCleanup(Workspace);
    const menu = document.createElement("div");
    menu.className = "o-dropdown--menu";
    document.body.append(menu);
    await press("e");
    await press("?");
    expect.verifySteps([]);
    menu.remove();
    await press("e");
    expect.verifySteps(["markDone"]);
});

test("who may not write e-mails is shown no form that would be refused", () => {
    const state = {
        canWrite: false,
        folder: "inbox",
        openId: 5,
        conversation: {emails: [{id: 5}]},
        threads: [],
    };
    const model = {
        state,
        compose: () => expect.step("compose"),
        openAction: (method, ids) => expect.step(`${method} ${ids}`),
    };
    const {compose, forward, reply, replyAll} = makeCommands(model, {dialog: {}, getElement: () => null});
    const keys = [compose, reply, replyAll, forward];
    keys.forEach((command) => command());
    expect.verifySteps([]);
    state.canWrite = true;
    keys.forEach((command) => command());
    expect.verifySteps(["compose", "action_reply 5", "action_reply_all 5", "action_forward 5"]);
});

test("Done is for what is ticked", async () => {
    const state = {
        folder: "inbox",
        openId: false,
        cursorId: 7,
        selected: new Set([5, 6]),
        threads: [{id: 5}, {id: 6}, {id: 7}],
    };
    const bulk = {markDone: (ids) => expect.step(`done ${ids}`)};
    const commands = makeCommands(
        {state, bulk, close: () => expect.step("close")},
        {dialog: {}, getElement: () => document.body}
    );
    await commands.markDone();
    expect.verifySteps(["done 5,6"]);
    state.selected.clear();
    await commands.markDone();
    expect.verifySteps(["close", "done 7"]);
});
