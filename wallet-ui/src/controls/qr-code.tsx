import encodeQR from 'qr'

/** A QR code as one path, always dark on light: scanners do not follow colour schemes. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const data = encodeQR(text, 'raw', { ecc: 'medium', border: 3 })
  const size = data.length
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} className="qr-light" />
      <path className="qr-dark" d={qrPath(data)} />
    </svg>
  )
}

/** One run of dark modules per `M x y h n`. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  let path = ''
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x++
      path += `M${start} ${y}h${x - start + 1}v1H${start}z`
    }
  })
  return path
}
