import encodeQR from 'qr'

/** A QR code as one path, one run of dark modules per `M x y h n`, with a margin of three modules. */
export function qrCode(text: string): { readonly size: number; readonly path: string } {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 3 })
  let path = ''
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x++
      path += `M${start} ${y}h${x - start + 1}v1H${start}z`
    }
  })
  return { size: modules.length, path }
}
