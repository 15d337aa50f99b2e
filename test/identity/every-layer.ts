/** The text itself, and everything in it that can be decoded, three layers deep. */
export function everyLayer(text: string, depth = 3): string {
  if (depth === 0) return text
  const decoded = [safely(() => decodeURIComponent(text.replaceAll('+', ' ')))]
  for (const part of text.match(/[A-Za-z0-9_-]{12,}/g) ?? []) decoded.push(Buffer.from(part, 'base64url').toString())
  return [text, ...decoded.map((inner) => everyLayer(inner, depth - 1))].join('\n')
}

function safely(decode: () => string): string {
  try {
    return decode()
  } catch {
    return ''
  }
}
