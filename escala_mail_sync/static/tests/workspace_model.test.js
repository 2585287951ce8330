import {describe, expect, test} from "@odoo/hoot";
import {Deferred} from "@odoo/hoot-mock";
import {EmailWorkspaceModel, PAGE} from "@escala_mail_sync/email_workspace/email_workspace_model";

describe.current.tags("headless");

const WORKSPACE = {mailboxes: [], counts: {}, can_connect: false, can_write: true};

/** A model in front of a server with these conversations, the ids of which are their dates, too. */
function makeModel(server, params = {}) {
    const call = async (_model, method, args, {before, limit} = {}) => {
        if (method === "get_workspace") {
            return WORKSPACE;
        }
        if (method === "read_conversation") {
            return server.read(args[0][0]);
        }
        if (method === "search_count") {
            const ids = args[0][0][2];
            return ids.filter((id) => server.ids.includes(id)).length;
        }
        expect.step(`${method} ${before ? before[1] : "first"}`);
        if (server.fails) {
            throw new Error("Not today");
        }
        const left = server.ids.filter((id) => !before || id < before[1]);
        const threads = left.slice(0, limit).map((id) => ({id, thread_id: id, date: String(id)}));
        return {threads, before: left.length > limit && ["date", threads.at(-1).id]};
    };
    const services = {
        orm: {silent: {call}, call},
        action: {},
        dialog: {},
        notification: {add: (words) => expect.step(words)},
    };
    return new EmailWorkspaceModel({}, params, services);
}

/** From 1000 + count down to 1001. */
function makeIds(count) {
    return Array.from({length: count}, (_, index) => 1000 + count - index);
}

const getIds = (model) => model.state.threads.map(({id}) => id);

test("pages follow each other until that is all", async () => {
    const ids = makeIds(PAGE + 5);
    const model = makeModel({ids});
    await model.load({});
    expect(getIds(model)).toEqual(ids.slice(0, PAGE));
    expect(model.state.hasMore).toBe(true);
    await model.loadMore();
    expect(getIds(model)).toEqual(ids);
    expect(model.state.hasMore).toBe(false);
    await model.loadMore();
    expect.verifySteps(["search_threads first", `search_threads ${ids[PAGE - 1]}`]);
});

test("one page is asked for at a time", async () => {
    const model = makeModel({ids: makeIds(3 * PAGE)});
    await model.load({});
    await Promise.all([model.loadMore(), model.loadMore()]);
    expect(getIds(model).length).toBe(2 * PAGE);
    expect.verifySteps(["search_threads first", "search_threads 1061"]);
});

test("what has come in meanwhile is on top, and one can go on below", async () => {
    const server = {ids: makeIds(3 * PAGE)};
    const model = makeModel(server);
    await model.load({});
    await model.loadMore();
    server.ids = [2000, ...server.ids];
    await model.refresh();
    expect(getIds(model)).toEqual(server.ids.slice(0, 2 * PAGE + 1));
    await model.loadMore();
    expect(getIds(model)).toEqual(server.ids);
    expect(model.state.hasMore).toBe(false);
    expect.verifySteps([
        "search_threads first",
        "search_threads 1061",
        "search_threads first",
        "search_threads 1031",
    ]);
});

test("what could not be loaded can be tried again", async () => {
    const server = {ids: makeIds(3), fails: true};
    const model = makeModel(server);
    await model.load({});
    expect(model.state.error).toBe("Not today");
    expect(model.state.isLoading).toBe(false);
    server.fails = false;
    await model.loadThreads();
    expect(model.state.error).toBe(false);
    expect(getIds(model)).toEqual(server.ids);
    expect.verifySteps(["search_threads first", "search_threads first"]);
});

test("who comes back finds the same place", async () => {
    const server = {ids: makeIds(2 * PAGE)};
    const model = makeModel(server, {folder: "all"});
    await model.load({});
    await model.loadMore();
    model.scrollTop = 700;
    const again = makeModel(server, {folder: "inbox", state: model.exportState()});
    expect(getIds(again)).toEqual(server.ids);
    expect(again.scrollTop).toBe(700);
    expect(again.state.folder).toBe("all");
    await again.load({});
    expect(getIds(again)).toEqual(server.ids);
    expect.verifySteps(["search_threads first", "search_threads 1031", "search_threads first"]);
});

test("whoever waits for a page that another one has overtaken does not wait for ever", async () => {
    const model = makeModel({ids: makeIds(3)});
    await model.load({});
    await Promise.all([model.refresh(), model.refresh()]);
    expect(model.state.isRenewing).toBe(false);
    expect(getIds(model).length).toBe(3);
    expect.verifySteps(["search_threads first", "search_threads first", "search_threads first"]);
});

test("of two conversations the last one that was opened is shown, whichever comes first", async () => {
    const answers = {};
    const read = (id) => new Promise((resolve) => (answers[id] = () => resolve({thread_id: id})));
    const model = makeModel({ids: [], read});
    const opening = [model.open(1), model.open(2)];
    answers[2]();
    answers[1]();
    await Promise.all(opening); // Neither waits for ever
    expect(model.state.openId).toBe(2);
    expect(model.state.conversation.thread_id).toBe(2);
});

/** A server whose conversations come when they are told to. */
function makeSlowServer() {
    const reading = {};
    const read = (id) => {
        reading[id] = Promise.withResolvers();
        return reading[id].promise;
    };
    return {ids: makeIds(3), reading, read};
}

const makeConversation = (...ids) => ({id: ids[0], emails: ids.map((id) => ({id})), left_out: 0});

test("while the next conversation is on its way, the one before cannot be answered by mistake", async () => {
    const {reading, ...server} = makeSlowServer();
    const model = makeModel(server);
    const first = model.open(1001);
    reading[1001].resolve(makeConversation(1000, 1001));
    await first;
    expect(model.state.conversation.id).toBe(1000);
    const again = model.open(1001);
    expect(model.state.conversation.id).toBe(1000);
    reading[1001].resolve(makeConversation(1000, 1001));
    await again;
    model.open(1002);
    expect(model.state.conversation).toBe(false);
    expect(model.state.isOpening).toBe(true);
});

test("a conversation that could not be read can be tried again", async () => {
    const {reading, ...server} = makeSlowServer();
    const model = makeModel(server);
    const failing = model.open(1001);
    reading[1001].reject(new Error("Not today"));
    await failing;
    expect(model.state.openError).toBe("Not today");
    expect(model.state.isOpening).toBe(false);
    const again = model.open(1001);
    expect(model.state.openError).toBe(false);
    reading[1001].resolve(makeConversation(1001));
    await again;
    expect(model.state.conversation.id).toBe(1001);
});

test("whoever searches sees what is found, and not what was open", async () => {
    const {reading, ...server} = makeSlowServer();
    const model = makeModel(server);
    await model.load({domain: []});
    const opening = model.open(1001);
    reading[1001].resolve(makeConversation(1001));
    await opening;
    await model.load({domain: []});
    expect(model.state.openId).toBe(1001);
    await model.load({domain: [["text", "ilike", "x"]]});
    expect(model.state.openId).toBe(false);
    expect.verifySteps(["search_threads first", "search_threads first", "search_threads first"]);
});

test("of two quick clicks, one creates a draft", async () => {
    const model = makeModel({ids: []});
    const answered = new Deferred();
    model.orm.call = (_model, method) => {
        expect.step(method);
        return answered;
    };
    model.action.doAction = () => expect.step("open");
    const clicks = [model.openAction("action_reply", [5]), model.openAction("action_reply", [5])];
    answered.resolve({});
    await Promise.all(clicks);
    expect.verifySteps(["action_reply", "open"]);
    await model.openAction("action_forward", [5]);
    expect.verifySteps(["action_forward", "open"]);
});

test("of two quick clicks in the list, the same one counts once, and another one counts", async () => {
    const model = makeModel({ids: []});
    const answered = new Deferred();
    model.orm.call = (_model, method, [ids]) => {
        expect.step(`${method} ${ids}`);
        return answered;
    };
    model.bulk.say = () => null;
    const clicks = [model.bulk.markDone([5]), model.bulk.markDone([5]), model.bulk.markDone([6])];
    answered.resolve({});
    await Promise.all(clicks);
    expect.verifySteps([
        "bulk_mark_done 5",
        "bulk_mark_done 6",
        "search_threads first",
        "search_threads first",
    ]);
});

test("of one mailbox, only what is written from there is among the drafts", async () => {
    const model = makeModel({ids: []});
    model.orm.silent.call = async (_model, method, [mailboxId], {domain} = {}) => {
        expect.step(`${method} ${JSON.stringify(domain || mailboxId)}`);
        return method === "get_workspace" ? WORKSPACE : {rows: [], before: false};
    };
    await model.showFolder("drafts");
    await model.showFolder("drafts", 7);
    expect.verifySteps(["search_outgoing []", "get_workspace 7", 'search_outgoing [["mailbox_id","=",7]]']);
});

test("of two mailboxes, the numbers are those of the one chosen last", async () => {
    const model = makeModel({ids: []});
    const counted = {3: new Deferred(), 4: new Deferred()};
    model.orm.silent.call = async (_model, method, [mailboxId]) =>
        method === "get_workspace" ? counted[mailboxId] : {threads: [], before: false};
    const choices = [model.showFolder("inbox", 3), model.showFolder("inbox", 4)];
    counted[4].resolve({...WORKSPACE, counts: {inbox: 4}});
    counted[3].resolve({...WORKSPACE, counts: {inbox: 3}});
    await Promise.all(choices);
    expect(model.state.counts).toEqual({inbox: 4});
});

test("whoever waits for the list to be read anew waits for the last time that it is", async () => {
    const model = makeModel({ids: []});
    const pages = [new Deferred(), new Deferred()];
    const asked = [...pages];
    model.orm.silent.call = (_model, method) => (method === "get_workspace" ? WORKSPACE : asked.shift());
    const waiting = model.refresh().then(() => expect.step(`seen: ${getIds(model)}`));
    const last = model.refresh();
    pages[0].resolve({threads: [{id: 1}], before: false});
    pages[1].resolve({threads: [{id: 2}], before: false});
    await Promise.all([waiting, last]);
    expect.verifySteps(["seen: 2"]);
});

test("what somebody has removed meanwhile is closed", async () => {
    const {reading, ...server} = makeSlowServer();
    const model = makeModel(server);
    model.notification.add = () => expect.step("told");
    await model.load({});
    const opening = model.open(1001);
    reading[1001].resolve(makeConversation(1001));
    await opening;
    server.ids.splice(server.ids.indexOf(1001), 1);
    await model.refresh();
    expect(model.state.openId).toBe(false);
    expect.verifySteps(["search_threads first", "search_threads first", "told"]);
});

test("what is read on the screen is no longer counted, in its mailbox either", async () => {
    const model = makeModel({ids: makeIds(1)}, {mailboxId: 7});
    await model.load({});
    const mailboxes = [
        {id: 7, unread: 3},
        {id: 8, unread: 2},
    ];
    Object.assign(model.state, {mailboxes, unread: 5, counts: {inbox: 3}});
    model.showAsRead(2);
    model.stopRefreshing();
    const {counts, unread} = model.state;
    expect([unread, counts.inbox, ...model.state.mailboxes.map((each) => each.unread)]).toEqual([3, 1, 1, 2]);
    expect.verifySteps(["search_threads first"]);
});
