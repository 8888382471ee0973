using System.Diagnostics;
using Npgsql;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace VClusterManager.Server.Tests.TestHost;

/// <summary>
/// A PostgreSQL server of this test run's own: started when a test first asks for a database, on a Unix socket in a
/// temporary folder, and stopped at the end. It runs under a shell that waits for the end of its standard input, so that
/// server and folder go when the test process does, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"vcm-pg-{Guid.NewGuid():N}"[..16]);
    private Process? _process;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await EnsureStartedAsync();
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>A database's connection string as an address, the way a configuration has it.</summary>
    public static string AddressOf(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        // The server listens on a Unix socket only; its folder stands in for the host's name.
        return $"postgres://{parts.Username}@localhost/{parts.Database}?Host={Uri.EscapeDataString(parts.Host!)}";
    }

    /// <summary>Stops the server and starts it again, with every database on it.</summary>
    /// <param name="crash">As after a crash: it recovers from its log.</param>
    public async Task RestartAsync(bool crash)
    {
        await _process!.StandardInput.WriteLineAsync(crash ? "QUIT" : "INT");
        await _process.StandardInput.FlushAsync();
        await WaitUntilReadyAsync();
    }

    /// <summary>Cuts every connection to that database, as a failover would.</summary>
    public Task CutConnectionsAsync(string database) =>
        ExecuteAsync(
            "postgres",
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
        );

    /// <summary>Lets nobody in, and throws out who is there; or lets them in again.</summary>
    public async Task AllowConnectionsAsync(string database, bool allow)
    {
        await ExecuteAsync("postgres", $"ALTER DATABASE {database} ALLOW_CONNECTIONS {allow}");
        if (!allow)
        {
            await CutConnectionsAsync(database);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // The end of its input is the shell's sign to stop the server.
            _process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        _starting.Dispose();
    }

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = _folder,
            Username = "postgres",
            Database = database,
            MaxPoolSize = 20,
        }.ConnectionString;

    private async Task EnsureStartedAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_process is null)
            {
                var programs = FindPrograms();
                await RunToEndAsync(
                    $"{programs}/initdb",
                    ["-D", _folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
                );
                _process = Start(programs);
                await WaitUntilReadyAsync();
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private Process Start(string programs)
    {
        const string script = """
            begin() {
                "$1/postgres" -D "$2" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
                    -c max_connections=200 -c shared_buffers=32MB >>"$2/server.log" 2>&1 </dev/null &
                server=$!
            }
            begin "$@"
            while read -r signal; do
                kill "-$signal" $server
                wait $server
                begin "$@"
            done
            kill -QUIT $server
            wait $server
            rm -rf "$2"
            """;
        return Launch("/bin/sh", ["-c", script, "sh", programs, _folder]);
    }

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!limit.IsCancellationRequested && !_process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task ExecuteAsync(string database, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string FindPrograms()
    {
        const string root = "/usr/lib/postgresql";
        var newest = Directory.Exists(root)
            ? Directory
                .GetDirectories(root)
                .Where(version => File.Exists($"{version}/bin/initdb"))
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
                .FirstOrDefault()
            : null;
        return newest is null
            ? throw new InvalidOperationException(
                $"These tests need PostgreSQL's server programs under {root} (Debian: apt-get install postgresql)."
            )
            : $"{newest}/bin";
    }

    private static async Task RunToEndAsync(string program, string[] arguments)
    {
        using var process = Launch(program, arguments);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {string.Concat(said)}");
        }
    }

    // PostgreSQL refuses to run as root; its package brings a user for it.
    private static Process Launch(string program, string[] arguments)
    {
        string[] prefix = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        string[] line = [.. prefix, program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        return Process.Start(start)!;
    }
}
