/** Collects output up to a limit in bytes and drops the rest as it arrives. */
export class CappedOutput {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private cut = false;

  constructor(private readonly limit: number) {}

  /** Takes what still fits; true once there was more than the limit. */
  add(chunk: Buffer): boolean {
    const room = this.limit - this.size;
    if (chunk.length > room) this.cut = true;
    if (room > 0) {
      const part = chunk.length > room ? Buffer.from(chunk.subarray(0, room)) : chunk;
      this.chunks.push(part);
      this.size += part.length;
    }
    return this.cut;
  }

  /** The text, never ending within a character where it was cut. */
  text(): string {
    const text = Buffer.concat(this.chunks).toString('utf8');
    return this.cut ? text.replace(/\uFFFD$/, '') : text;
  }
}
