-- No mailbox is connected, none can be by what is stored, and none is checked.
UPDATE escala_mailbox
   SET state = 'draft',
       next_check = NULL,
       sync_requested = FALSE,
       running_since = NULL;

-- A sign-in is nothing without its tokens, whose columns cannot be empty.
DELETE FROM escala_oauth_token;
DELETE FROM escala_oauth_state;

-- Passwords and tokens, wherever they are: columns that hold some have names that end in _encrypted (secret.py).
DO $$
DECLARE
    secret record;
BEGIN
    FOR secret IN
        SELECT columns.table_name, columns.column_name
          FROM information_schema.columns
          JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = current_schema
           AND table_type = 'BASE TABLE'
           AND starts_with(table_name, 'escala_')
           AND columns.column_name LIKE '%\_encrypted'
    LOOP
        EXECUTE format('UPDATE %I SET %I = NULL', secret.table_name, secret.column_name);
    END LOOP;
END $$;

-- What was to be sent is a draft again, and nothing is put into a folder of sent mail.
UPDATE escala_email_outgoing
   SET state = CASE WHEN state IN ('outgoing', 'sending', 'unknown') THEN 'draft' ELSE state END,
       send_at = NULL,
       copy_state = CASE WHEN copy_state = 'pending' THEN NULL ELSE copy_state END;

UPDATE ir_cron
   SET active = FALSE
 WHERE id IN (SELECT res_id FROM ir_model_data WHERE module = 'escala_mail_sync' AND model = 'ir.cron');
