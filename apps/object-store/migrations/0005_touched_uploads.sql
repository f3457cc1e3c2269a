-- Of a completion that copies the upload's parts, which no sweep may take meanwhile.
alter table uploads add column touched_at timestamptz;
