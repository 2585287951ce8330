import {describe, expect, test} from "@odoo/hoot";
import {EmailWorkspaceModel, PAGE} from "@escala_mail_sync/email_workspace/email_workspace_model";

describe.current.tags("headless");

const WORKSPACE = {mailboxes: [], counts: {}, can_connect: false, can_write: true};

/** A model in front of a server with these conversations, the ids of which are their dates, too. */
function makeModel(server, params = {}) {
    const call = async (_model, method, _args, {before, limit} = {}) => {
        if (method === "get_workspace") {
            return WORKSPACE;
        }
        expect.step(`${method} ${before ? before[1] : "first"}`);
        if (server.fails) {
            throw new Error("Not today");
        }
        const left = server.ids.filter((id) => !before || id < before[1]);
        const threads = left.slice(0, limit).map((id) => ({id, thread_id: id, date: String(id)}));
        return {threads, before: left.length > limit && ["date", threads.at(-1).id]};
    };
    const services = {orm: {silent: {call}, call}, action: {}, dialog: {}, notification: {}};
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
