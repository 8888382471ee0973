using System.Net.Sockets;
using System.Text;

namespace VClusterManager.Server.Tests.Http;

/// <summary>Requests that no proper client would send.</summary>
internal static class RawHttp
{
    public static async Task<int> StatusAsync(Uri server, params string[] headers)
    {
        var answer = await SendAsync(server, "GET /api/me HTTP/1.1", headers);
        return answer.Length == 0 ? 0 : int.Parse(answer.Split(' ')[1]);
    }

    /// <returns>The whole answer; empty when the server just closed the connection.</returns>
    public static async Task<string> SendAsync(Uri server, string requestLine, params string[] headers)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        var stream = client.GetStream();
        string[] lines = [requestLine, $"Host: {server.Authority}", "Connection: close", .. headers, "", ""];
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)), limit.Token);
        using StreamReader reader = new(stream, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync(limit.Token);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
