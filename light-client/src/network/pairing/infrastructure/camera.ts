/** Reads QR codes with the camera. The decoder is loaded when it is first needed, and not where the browser has one. */

/** Why the camera cannot be used: the person (or a policy) said no, there is none, or it does not work now. */
export type CameraTrouble = 'denied' | 'none' | 'failed'

export class CameraUnavailable extends Error {
  readonly trouble: CameraTrouble
  constructor(trouble: CameraTrouble, cause: unknown) {
    super(`the camera cannot be used: ${trouble}`, { cause })
    this.name = 'Camera.CameraUnavailable'
    this.trouble = trouble
  }
}

/** Milliseconds between two looks; a hand is steadier than that. */
const LOOK_EVERY = 150
/** Pixels across; a code that fills a third of it is still read. */
const LOOK_AT = 800

/**
 * Shows the camera in `video` and calls `onText` with each code it sees. The camera is off again when `signal` aborts.
 * @throws {CameraUnavailable}
 */
export async function scanCodes(
  video: HTMLVideoElement,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await openCamera()
  const stop = () => {
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  if (signal.aborted) return stop()
  video.srcObject = stream
  const decode = await decoder()
  const look = async () => {
    const text = video.readyState >= video.HAVE_CURRENT_DATA ? await decode(video).catch(() => null) : null
    if (signal.aborted) return
    if (text) onText(text)
    timer = setTimeout(look, LOOK_EVERY)
  }
  let timer = setTimeout(look, LOOK_EVERY)
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    stop()
  })
  if (signal.aborted) stop()
  // a page that autoplay policy stops shows the first picture only when it is asked to play
  await video.play().catch(() => {})
}

async function openCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new CameraUnavailable('none', null)
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: 'environment' } })
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : ''
    if (name === 'NotAllowedError' || name === 'SecurityError') throw new CameraUnavailable('denied', cause)
    throw new CameraUnavailable(name === 'NotFoundError' ? 'none' : 'failed', cause)
  }
}

type Decode = (video: HTMLVideoElement) => Promise<string | null>

interface Detector {
  detect(image: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

async function decoder(): Promise<Decode> {
  const Own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  const formats: readonly string[] = (await Own?.getSupportedFormats().catch(() => [])) ?? []
  if (Own && formats.includes('qr_code')) {
    const detector = new Own({ formats: ['qr_code'] })
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null
  }
  const { decodeQR } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return async (video) => {
    const scale = Math.min(1, LOOK_AT / video.videoWidth)
    canvas.width = Math.round(video.videoWidth * scale)
    canvas.height = Math.round(video.videoHeight * scale)
    if (!context || canvas.width === 0) return null
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height))
  }
}
