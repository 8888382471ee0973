using System.Buffers.Binary;
using System.Net.Sockets;
using Npgsql;

namespace VClusterManager.Server.Tests.Work;

/// <summary>
/// Stands between a client and PostgreSQL, passes everything on, and loses the notifications: what a pooler in transaction
/// mode does to LISTEN.
/// </summary>
internal sealed class SwallowingPooler : IAsyncDisposable
{
    private const byte NotificationResponse = (byte)'A';
    private const string SocketName = ".s.PGSQL.5432";

    private readonly string _folder = Directory.CreateTempSubdirectory("vcm-pool-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _over = new();
    private readonly string _database;
    private readonly Task _accepting;

    public SwallowingPooler(string connectionString)
    {
        var direct = new NpgsqlConnectionStringBuilder(connectionString);
        _database = Path.Combine(direct.Host!, SocketName);
        // Their negotiations are answered by one letter, which is no message.
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = _folder,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, SocketName)));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Through this one.</summary>
    public string ConnectionString { get; }

    public bool Swallows { get; set; } = true;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        while (!_over.IsCancellationRequested)
        {
            try
            {
                connections.Add(PassAsync(await _listener.AcceptAsync(_over.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }
        await Task.WhenAll(connections);
    }

    private async Task PassAsync(Socket accepted)
    {
        using var database = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await database.ConnectAsync(new UnixDomainSocketEndPoint(_database), _over.Token);
        await using var client = new NetworkStream(accepted, ownsSocket: true);
        await using var server = new NetworkStream(database);
        try
        {
            await Task.WhenAny(client.CopyToAsync(server, _over.Token), AnswersAsync(server, client));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One of both has gone.
        }
    }

    /// <summary>What the database says comes as messages: a letter, a length that counts itself, a body.</summary>
    private async Task AnswersAsync(NetworkStream server, NetworkStream client)
    {
        var head = new byte[5];
        while (true)
        {
            await server.ReadExactlyAsync(head, _over.Token);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await server.ReadExactlyAsync(body, _over.Token);
            if (!(Swallows && head[0] == NotificationResponse))
            {
                await client.WriteAsync((byte[])[.. head, .. body], _over.Token);
            }
        }
    }
}
