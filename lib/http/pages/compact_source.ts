/**
 * Makes a script or a style shorter: drops comments that fill whole lines, and indentation.
 *
 * @param source in which no text that is quoted goes over several lines
 * @returns the same to a browser
 */
export function compactSource(source: string): string {
  return source.replace(/^\s*(?:\/\*[^*]*\*\/|\/\/.*)\s*$/gm, "").replace(/\n\s*/g, "\n").trim();
}
