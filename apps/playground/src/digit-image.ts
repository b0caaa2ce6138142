import { element } from './element.ts';

/** A digit's side in pixels. */
export const side = 8;

/** A picture of 8 x 8 pixels from 0 (paper) to 1 (ink). */
export function digitImage(pixels: ArrayLike<number>): HTMLCanvasElement {
  const canvas = element('canvas', { class: 'digit', width: side, height: side, 'aria-hidden': 'true' });
  showPixels(canvas, pixels);
  return canvas;
}

/** Fills a canvas of 8 x 8 with a picture. */
export function showPixels(canvas: HTMLCanvasElement, pixels: ArrayLike<number>): void {
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const shade = Math.round(255 * (1 - pixels[i]!));
    image.data.set([shade, shade, shade, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

/**
 * What is drawn on a canvas (opaque on transparent), as the data set's own pictures were made: the ink, scaled to the full height of 32 x 32
 * points and centred, then the share of ink in every block of 4 x 4. Undefined where there is no ink.
 */
export function pixelsOfDrawing(canvas: HTMLCanvasElement): Float32Array | undefined {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[4 * (y * width + x) + 3]! < 128) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (right < 0) return undefined;
  const points = 4 * side;
  const small = element('canvas', { width: points, height: points }).getContext('2d')!;
  const [inkWidth, inkHeight] = [right - left + 1, bottom - top + 1];
  const scale = points / Math.max(inkWidth, inkHeight);
  const [w, h] = [inkWidth * scale, inkHeight * scale];
  small.drawImage(canvas, left, top, inkWidth, inkHeight, (points - w) / 2, (points - h) / 2, w, h);
  const ink = small.getImageData(0, 0, points, points).data;
  const pixels = new Float32Array(side * side);
  for (let y = 0; y < points; y++)
    for (let x = 0; x < points; x++) pixels[(y >> 2) * side + (x >> 2)]! += ink[4 * (y * points + x) + 3]! / 255 / 16;
  return pixels;
}
