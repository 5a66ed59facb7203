type Edit = 'same' | 'modified' | 'removed' | 'inserted';

interface Counts {
  readonly same: number;
  readonly diff: number;
}

/** One end of the way through the edit graph; `direction` is where it grows to. */
class Way {
  readonly edits: Edit[] = [];
  constructor(
    readonly direction: 1 | -1,
    public x: number,
    public y: number,
  ) {}

  append(edit: Edit): void {
    this.edits.push(edit);
    if (edit !== 'inserted') this.x += this.direction;
    if (edit !== 'removed') this.y += this.direction;
  }

  connect(x: number, y: number, compare: (x: number, y: number) => Counts): void {
    const forward = this.direction > 0;
    const left = (): number => (x - this.x) * this.direction;
    const above = (): number => (y - this.y) * this.direction;
    while (left() > 0 && above() > 0) {
      const counts = forward ? compare(this.x, this.y) : compare(this.x - 1, this.y - 1);
      if (counts.diff === 0) this.append('same');
      else if (counts.same + 1 >= counts.diff) this.append('modified');
      else if (forward ? left() >= above() : left() > above()) this.append('removed');
      else this.append('inserted');
    }
    while (left() > 0) this.append('removed');
    while (above() > 0) this.append('inserted');
  }
}

const zigzag = (index: number): number => (index % 2 === 1 ? -(index + 1) / 2 : index / 2);

/**
 * internal/diff.Difference: a decent edit script, found by a greedy search from both ends whose cost is linear in the
 * lengths.
 */
export function difference(nx: number, ny: number, compare: (x: number, y: number) => Counts): readonly Edit[] {
  const forward = new Way(1, 0, 0);
  const reverse = new Way(-1, nx, ny);
  const front = { x: 0, y: 0 };
  const back = { x: nx, y: ny };
  let budget = 4 * (nx + ny);
  const over = (): boolean => front.x >= back.x || front.y >= back.y || budget === 0;

  for (let ahead = true; !over(); ahead = !ahead) {
    let top = false;
    let bottom = false;
    for (let index = 0; !(top && bottom) && budget > 0; index++) {
      const z = zigzag(index);
      const x = ahead ? front.x + z : back.x - z;
      const y = ahead ? front.y - z : back.y + z;
      if (ahead ? x >= reverse.x || y < forward.y : forward.x >= x || reverse.y < y) top = true;
      else if (ahead ? y >= reverse.y || x < forward.x : forward.y >= y || reverse.x < x) bottom = true;
      else if (compare(ahead ? x : x - 1, ahead ? y : y - 1).diff === 0) {
        const way = ahead ? forward : reverse;
        way.connect(x, y, compare);
        way.append('same');
        while (forward.x < reverse.x && forward.y < reverse.y) {
          if (compare(ahead ? way.x : way.x - 1, ahead ? way.y : way.y - 1).diff !== 0) break;
          way.append('same');
        }
        Object.assign(ahead ? front : back, { x: way.x, y: way.y });
        top = bottom = true;
      } else budget--;
    }
    if (ahead) {
      if (reverse.x - front.x >= reverse.y - front.y) front.x++;
      else front.y++;
    } else if (back.x - forward.x >= back.y - forward.y) back.x--;
    else back.y--;
  }
  forward.connect(reverse.x, reverse.y, compare);
  return [...forward.edits, ...reverse.edits.reverse()];
}
