import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";
import {_t} from "@web/core/l10n/translation";

const MEGABYTE = 1024 * 1024;

/** Sends chosen or dropped files one by one, each with its progress and, if it is refused, the reason. */
export class DocumentUpload extends Interaction {
    static selector = ".o_document_upload";
    dynamicContent = {
        "input[type=file]": {"t-on-change": this.onChoose},
        _root: {
            "t-on-dragover.prevent": () => this.mark(true),
            "t-on-dragleave": () => this.mark(false),
            "t-on-drop.prevent": this.onDrop,
            "t-on-submit.prevent": () => undefined,
        },
    };

    setup() {
        this.list = this.el.querySelector(".o_document_uploads");
        this.maxMegabytes = Number(this.el.dataset.maxMegabytes);
    }

    start() {
        this.el.querySelector("input[type=file]").disabled = false;
    }

    mark(isOver) {
        this.el.classList.toggle("border-primary", isOver);
    }

    async onChoose(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        await this.uploadAll(files);
    }

    async onDrop(ev) {
        this.mark(false);
        await this.uploadAll([...ev.dataTransfer.files]);
    }

    /** Leave the page with the errors on it; without any, show the new documents. */
    async uploadAll(files) {
        this.list.replaceChildren();
        const rows = files.map((file) => this.addRow(file));
        let failed = 0;
        for (const [index, file] of files.entries()) {
            const error = await this.waitFor(this.upload(file, rows[index]));
            failed += error ? 1 : 0;
        }
        if (files.length && !failed) {
            window.location.reload();
        } else if (failed < files.length) {
            this.addNote();
        }
    }

    addRow(file) {
        const row = document.createElement("li");
        row.className = "o_document_uploading mt-2";
        const name = document.createElement("div");
        name.className = "text-break";
        name.textContent = file.name;
        const progress = document.createElement("progress");
        progress.className = "w-100";
        progress.max = 1;
        progress.value = 0;
        progress.setAttribute("aria-label", file.name);
        row.append(name, progress);
        this.list.append(row);
        return row;
    }

    addNote() {
        const note = document.createElement("li");
        const link = document.createElement("a");
        link.href = window.location.href;
        link.textContent = _t("Show the documents that were uploaded");
        note.className = "mt-2";
        note.append(link);
        this.list.append(note);
    }

    /** Return the message if the file is refused. */
    async upload(file, row) {
        const error =
            file.size > this.maxMegabytes * MEGABYTE ? this.tooLarge(file) : await this.send(file, row);
        const outcome = document.createElement("div");
        outcome.className = error ? "o_upload_error text-danger small" : "small";
        outcome.textContent = error || _t("Uploaded");
        row.querySelector("progress").replaceWith(outcome);
        return error;
    }

    tooLarge(file) {
        return _t("%(name)s is larger than %(size)s MB. Make it smaller, or split it into several files.", {
            name: file.name,
            size: this.maxMegabytes,
        });
    }

    send(file, row) {
        return new Promise((resolve) => {
            const form = new FormData(this.el);
            form.append("ufile", file);
            const xhr = new XMLHttpRequest();
            xhr.open("POST", this.el.dataset.url);
            xhr.upload.addEventListener("progress", (ev) => {
                row.querySelector("progress").value = ev.loaded / ev.total;
            });
            xhr.addEventListener("load", () => resolve(this.readError(xhr, file)));
            xhr.addEventListener("error", () =>
                resolve(_t("The connection was interrupted. Try again when you are online."))
            );
            xhr.send(form);
        });
    }

    readError(xhr, file) {
        if (xhr.status === 413) {
            return this.tooLarge(file);
        }
        try {
            return JSON.parse(xhr.responseText).error || "";
        } catch {
            return _t(
                "This page is not up to date: you were logged out, or are in another account. Reload it."
            );
        }
    }
}

registry.category("public.interactions").add("escala_client_portal.document_upload", DocumentUpload);
