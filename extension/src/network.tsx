/** The extension's options: another network. */
import { drawNetwork } from './page/draw.tsx'

void drawNetwork(() => window.location.assign('popup.html?surface=page'))
