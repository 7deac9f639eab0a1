import { Link } from '@tanstack/react-router';
import { Empty } from '../ui/empty.js';

/** An address that leads nowhere. */
export function Outside() {
  return (
    <main>
      <Empty title="There is no such page" command="npx opsroom runs">
        Its address may be from another version of the room.{' '}
        <Link to="/" className="link">
          Go to the Runboard
        </Link>
        , or look from the command line.
      </Empty>
    </main>
  );
}
