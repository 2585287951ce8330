import {describe, expect, test} from "@odoo/hoot";
import {
    formatAddress,
    getEmail,
    getShownName,
    isAddress,
    splitAddresses,
    splitShownAddresses,
    withoutDuplicates,
} from "@escala_mail_sync/email_addresses/address_list";

describe.current.tags("headless");

test("commas in quoted names separate nothing", () => {
    expect(splitAddresses('"Pérez, Juan" <juan@z.example>, eva@y.example')).toEqual([
        '"Pérez, Juan" <juan@z.example>',
        "eva@y.example",
    ]);
});

test("escaped quotes in names are part of the name", () => {
    expect(splitAddresses('"El \\"Rubio\\", Luis" <luis@x.example>')).toEqual([
        '"El \\"Rubio\\", Luis" <luis@x.example>',
    ]);
});

test("lists are separated by semicolons, lines, tabs and spaces as well", () => {
    expect(splitAddresses("a@x.example; B <b@x.example>\nc@x.example\td@x.example e@x.example")).toEqual([
        "a@x.example",
        "B <b@x.example>",
        "c@x.example",
        "d@x.example",
        "e@x.example",
    ]);
});

test("nothing is made of nothing", () => {
    expect(splitAddresses(" , ;\n")).toEqual([]);
});

test("what is no address stays as it is, to be shown as such", () => {
    expect(splitAddresses("ana llamazares, b@x.example")).toEqual(["ana llamazares", "b@x.example"]);
});

test("names with special characters are quoted, and read back", () => {
    for (const name of ["Ana Llamazares", "Pérez, Juan", 'Luis "Lucho" Gil', "Back\\slash", "a@b"]) {
        const address = formatAddress(name, "x@x.example");
        expect(splitAddresses(address)).toEqual([address]);
        expect(getShownName(address)).toBe(name);
        expect(getEmail(address)).toBe("x@x.example");
    }
});

test("an address without a name is shown itself", () => {
    expect(formatAddress("", "x@x.example")).toBe("x@x.example");
    expect(getShownName("<x@x.example>")).toBe("x@x.example");
});

test("addresses are told from what is none", () => {
    for (const address of ["a@b.example", "A <a@b.example>", '"A, B" <a@b.example>']) {
        expect(isAddress(address)).toBe(true);
    }
    for (const text of ["", "ana", "ana@", "@b.example", "a b@c.example", "A <a>", "a@b@c"]) {
        expect(isAddress(text)).toBe(false);
    }
});

test("each address is there once, however it is written", () => {
    expect(withoutDuplicates(["Ana <ana@x.example>", "ANA@x.example", "b@x.example"])).toEqual([
        "Ana <ana@x.example>",
        "b@x.example",
    ]);
});

test("what is shown to people has no quotes, and commas in names", () => {
    expect(
        splitShownAddresses("Pérez, Juan <juan@z.example>, eva@y.example, Ruiz, A @ B <ana@x.example>")
    ).toEqual(["Pérez, Juan <juan@z.example>", "eva@y.example", "Ruiz, A @ B <ana@x.example>"]);
    expect(splitShownAddresses(false)).toEqual([""]);
});
