import {_t} from "@web/core/l10n/translation";
import {getDataURLFromFile} from "@web/core/utils/urls";

// Of all files together, as the server has it.
const MAX_BYTES = 10_000_000;

/**
 * Open the preview of an import of vCards; the server says what is wrong with files that are none.
 *
 * The services are taken from the environment: a menu item is gone before it is done.
 *
 * @param {object} env the environment of a component
 * @param {File[]} files
 */
export async function previewVcards(env, files) {
    const {action, notification, orm, ui} = env.services;
    if (!files.length) {
        return;
    }
    if (files.reduce((bytes, {size}) => bytes + size, 0) > MAX_BYTES) {
        notification.add(_t("The files are larger than 10 MB together. Import fewer of them at a time."), {
            type: "danger",
        });
        return;
    }
    let preview = null;
    ui.block();
    try {
        const contents = await readFiles(files);
        if (contents) {
            preview = await orm.call("contact.vcard.import", "action_preview", [contents]);
        } else {
            notification.add(_t("The files cannot be read."), {type: "danger"});
        }
    } finally {
        ui.unblock();
    }
    if (preview) {
        await action.doAction(preview);
    }
}

/** What the server wants to know of the files; null if one cannot be read, such as a folder. */
async function readFiles(files) {
    try {
        return await Promise.all(
            files.map(async (file) => ({
                name: file.name,
                content: (await getDataURLFromFile(file)).split(",")[1],
            }))
        );
    } catch {
        return null;
    }
}
