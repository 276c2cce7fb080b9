/** One server-sent event. */
export interface ServerEvent {
  event: string;
  data: string;
}

/**
 * Takes a text/event-stream in pieces, however the network cut it, and gives the events that are
 * complete. No I/O, so that every cut can be tested.
 */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];

  push(piece: string): ServerEvent[] {
    this.rest += piece;
    const events: ServerEvent[] = [];
    // A CR at the very end may be the first half of CRLF: it waits for the next piece.
    for (let end = this.lineEnd(); end; end = this.lineEnd()) {
      const line = this.rest.slice(0, end.at);
      this.rest = this.rest.slice(end.next);
      if (line === '') {
        if (this.data.length > 0) {
          events.push({ event: this.event || 'message', data: this.data.join('\n') });
        }
        this.event = '';
        this.data = [];
      } else {
        this.take(line);
      }
    }
    return events;
  }

  private lineEnd(): { at: number; next: number } | undefined {
    const at = this.rest.search(/[\r\n]/);
    if (at < 0) return undefined;
    if (this.rest[at] === '\n') return { at, next: at + 1 };
    if (at + 1 === this.rest.length) return undefined;
    return { at, next: this.rest[at + 1] === '\n' ? at + 2 : at + 1 };
  }

  private take(line: string) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    if (field === 'data') this.data.push(value);
  }
}
