import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 4598);
createServer((_request, response) => response.end('Hello, world!\n')).listen(port, 'localhost', () => {
  console.log(`Listening on http://localhost:${port}`);
});
