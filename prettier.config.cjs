// Width and indent are those of .editorconfig. The plugin is looked up here, so that it is found beside
// prettier itself, outside the project.
module.exports = {
    plugins: [require.resolve("@prettier/plugin-xml")],
    bracketSpacing: false,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
};
