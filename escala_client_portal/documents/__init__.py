"""What is known of documents without a database: names, kinds of file, the page that a signature is on."""
