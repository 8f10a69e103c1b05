import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { textContent } from 'domutils';
import { parseDocument } from 'htmlparser2';
import iconv from 'iconv-lite';

/** A page somebody saved: `*.html` or `*.html.gz` in the folder given with --pages. */
export interface SavedPage {
  /** File name within the folder. */
  file: string;
  /** Its path on the outlet, percent-encoded. */
  path: string;
  title: string;
  savedAt: Date;
  /** The page as it was saved, unzipped. */
  read(): Buffer;
}

/** The saved pages of `directory`, newest first. Reads every file once for its `<title>`; bytes are not kept. */
export function loadSavedPages(directory: string): SavedPage[] {
  return readdirSync(directory)
    .filter((file) => /\.html(\.gz)?$/i.test(file))
    .sort()
    .map((file): SavedPage => {
      const read = () => {
        const bytes = readFileSync(join(directory, file));
        return file.toLowerCase().endsWith('.gz') ? gunzipSync(bytes) : bytes;
      };
      const name = file.replace(/\.html(\.gz)?$/i, '');
      return {
        file,
        path: `/page/${encodeURIComponent(name)}`,
        title: titleOf(read()) ?? name,
        savedAt: statSync(join(directory, file)).mtime,
        read,
      };
    })
    .sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
}

function titleOf(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 200_000);
  const charset = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(start.toString('latin1'))?.[1] ?? 'utf-8';
  const html = iconv.decode(start, iconv.encodingExists(charset) ? charset : 'utf-8');
  const title = /<title[^>]*>([\s\S]*?)<\/title>/i.exec(html)?.[1] ?? '';
  // Parsed for its character references; control characters would make the feed ill-formed XML.
  return (
    textContent(parseDocument(title))
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim() || undefined
  );
}
