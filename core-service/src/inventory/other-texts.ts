/** Texts that are neither CSV nor JSON, though there may be some inside, by how they begin. */

const SAVE_SHEET = 'open it in a spreadsheet and save it as "CSV UTF-8"';

const OTHERS: readonly (readonly [begins: RegExp, words: string])[] = [
  [
    /(?:^|\n)(?:<{7}|>{7})(?: [^\n]*)?\n/,
    'has marks of a conflict of git, <<<<<<< or >>>>>>>: keep one side, and delete the marks',
  ],
  [/^\s*</, `is HTML or XML: ${SAVE_SHEET}`],
  [
    /^\s*(?:(?:MIME-Version|Content-Type|Message-ID|From|Subject):[^\n]*\n)+(?:[\w-]+:|\n|\s)/i,
    `is a web page or a mail in MIME (MHTML), which some programs name .xls: ${SAVE_SHEET}`,
  ],
  [/^ID;P/, `is SYLK (.slk): ${SAVE_SHEET}`],
  [
    /^\s*(?:[^\n,;\t|]*\n\s*)?(?:```|~~~)/,
    'has a fence of Markdown around its items: delete the lines with ``` and what is outside of them',
  ],
  [
    /^(?:[^\n]*\n){0,3}[ \t]*[|+]?[ \t]*:?[-=]{2,}:?[ \t]*(?:[|+][ \t]*:?[-=]{2,}:?[ \t]*)+[|+]?[ \t]*(?:\n|$)/,
    'is a table that is drawn with lines, as Markdown, psql and mysql show it: export the items as CSV (psql --csv)',
  ],
  [
    /^\s*(?:--[^\n]*\n\s*|\/\*(?:(?!\*\/)[^])*\*\/;?\s*)*(?:(?:INSERT|REPLACE)\s+INTO\s|CREATE\s+(?:TABLE|DATABASE|SCHEMA)\s|DROP\s+TABLE\s|LOCK\s+TABLES\s|START\s+TRANSACTION|BEGIN;|USE\s+\S+;|SET\s+[\w@.]+\s*=|COPY\s+\S+\s[^\n]*FROM\s|SELECT\s[^;]*\sFROM\s)/i,
    'is SQL: run it in its database, and export the items as CSV with a header line',
  ],
  [
    /^\s*(?:%YAML[^\n]*\n|#[^\n]*\n|---[^\n]*\n)*\s*(?:["']?[\w-]+["']?:[ \t]*\n[ \t]*)?(?:-[ \t]+["']?\w+["']?:\s|[\w-]+:[ \t]*\n[ \t]+\w+:\s)/,
    'is YAML: convert it to JSON, [{…}, …]',
  ],
  [/^\s*\[\[[A-Za-z_][\w.-]*\]\]\s*\n/, 'is TOML: convert it to JSON, [{…}, …]'],
  [
    /^\s*(?:export\s+default\s|module\.exports\s*=|(?:var|let|const)\s+\w+\s*=|[A-Za-z_$][\w.$]*\s*[=(])\s*[[{]/,
    'is a program with JSON inside: delete what stands before the first [ and behind the last ]',
  ],
  [/^\s*(?:\/\/|\/\*|#[^\n]*\n\s*[[{])/, 'begins with a comment, which JSON has not: delete it'],
  [
    /^\s*"\s*[[{]/,
    'is a text with JSON inside: take the quotes around it and the \\ away, so that it begins with [ or {',
  ],
];

/** @returns what a text is that begins so, and what to do; undefined for CSV and JSON */
export function otherText(head: string): string | undefined {
  return OTHERS.find(([begins]) => begins.test(head))?.[1];
}
