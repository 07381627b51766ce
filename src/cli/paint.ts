/** Colour, for people only. */
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Colours text where the stream is a terminal that wants colours. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  if (stream.isTTY !== true || process.env.NO_COLOR !== undefined) return text;
  return styleText(style, text);
}
