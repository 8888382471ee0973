using System.Globalization;
using System.Text;
using VClusterManager.Sandbox.Store;

namespace VClusterManager.Sandbox.Containers;

/// <summary>
/// What an emulated server answers to every HTTP request: which pod it is, and the request as it came in, so that one
/// sees what reached it and what did not. Each request is a line in the container's log.
/// </summary>
internal static class PodPage
{
    public static async Task ServeAsync(Stream connection, StoredObject pod, RunningContainer container)
    {
        await using (connection)
        {
            using var reader = new StreamReader(connection, Encoding.Latin1, leaveOpen: true);
            try
            {
                while (await ReadHeadAsync(reader) is { Count: > 0 } head)
                {
                    await SkipBodyAsync(reader, head);
                    container.Log.Write(head[0]);
                    await AnswerAsync(connection, pod, head);
                }
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException)
            {
                // The other side went.
            }
        }
    }

    private static async Task<List<string>> ReadHeadAsync(StreamReader reader)
    {
        var head = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.Add(line);
        }

        return head;
    }

    private static async Task SkipBodyAsync(StreamReader reader, List<string> head)
    {
        const string name = "content-length:";
        var length = head.FirstOrDefault(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        var left = int.TryParse(length?[name.Length..], CultureInfo.InvariantCulture, out var count) ? count : 0;
        var buffer = new char[4096];
        while (left > 0)
        {
            var read = await reader.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)));
            left = read == 0 ? 0 : left - read;
        }
    }

    private static async Task AnswerAsync(Stream connection, StoredObject pod, List<string> head)
    {
        var body = Encoding.Latin1.GetBytes(
            $"This is pod {pod.Name} in {pod.Namespace}.\n\n{string.Join('\n', head)}\n"
        );
        var hasBody = !head[0].StartsWith("HEAD ", StringComparison.Ordinal);
        var answer =
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n";
        await connection.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(answer), .. hasBody ? body : []]);
        await connection.FlushAsync();
    }
}
