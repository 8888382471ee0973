using VClusterManager.Bench.Measuring;

namespace VClusterManager.Bench.World;

/// <summary>A PostgreSQL of its own, as it is by default, on a Unix socket in a temporary folder.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private const string Root = "/usr/lib/postgresql";

    // Not below the workshop's: its user could not get at it there.
    private readonly string _folder = $"/tmp/vcm-bench-pg-{Guid.NewGuid():N}"[..24];
    private ProgramProcess? _server;

    /// <summary>As the configuration takes it.</summary>
    public string Url => $"postgres://postgres@localhost/postgres?Host={Uri.EscapeDataString(_folder)}";

    /// <summary>For reading in it.</summary>
    public string ConnectionString => $"Host={_folder};Username=postgres;Database=postgres;Pooling=false";

    public async Task StartAsync()
    {
        var programs =
            Directory.Exists(Root) && Directory.GetDirectories(Root) is [.., var newest]
                ? $"{newest}/bin"
                : throw new BenchException($"there is no PostgreSQL below {Root}");
        await using (
            var init = Launch(
                $"{programs}/initdb",
                ["-D", _folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
            )
        )
        {
            if (await init.EndAsync() != 0)
            {
                throw new BenchException(init.Output);
            }
        }

        _server = Launch($"{programs}/postgres", ["-D", _folder, "-k", _folder, "-c", "listen_addresses="]);
        await Clock.UntilAsync(
            "PostgreSQL listens",
            20,
            () =>
                _server.HasExited
                    ? throw new BenchException(_server.Output)
                    : Task.FromResult(_server.Output.Contains("ready to accept connections", StringComparison.Ordinal))
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    // It refuses to run as root; its package brings a user for it.
    private static ProgramProcess Launch(string program, string[] arguments)
    {
        string[] line = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        return ProgramProcess.Start(line[0], line[1..], "/");
    }
}
