/** Names and file names as YAML. */

/** Words that YAML 1.1 or 1.2 reads as something other than text. */
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

/** A name as a YAML scalar: plain where every reader takes it as text, else in double quotes. */
export function yamlName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !RESERVED.test(name) ? name : yamlText(name);
}

/** A file name as a YAML scalar. */
export function yamlFile(file: string): string {
  return /^[A-Za-z0-9_][A-Za-z0-9_./-]*[A-Za-z]$/.test(file) && /[./]/.test(file) ? file : yamlText(file);
}

/** Text in double quotes. JSON is YAML, save for characters that YAML does not print. */
export function yamlText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
