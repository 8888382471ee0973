using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Tests.TestHost;
using Xunit;

namespace VClusterManager.Server.Tests.Storage;

[UnsupportedOSPlatform("windows")]
public sealed class SqliteFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcm-file-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "data", "test.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_holder_is_refused_and_told_who_has_it()
    {
        using var first = SqliteFile.Hold(Path, TimeProvider.System);

        var refused = Should.Throw<DatabaseRefusedException>(() => SqliteFile.Hold(Path, TimeProvider.System));

        first.LocksWork.ShouldBeTrue();
        refused.Message.ShouldContain(Path);
        refused.Message.ShouldContain($"process {Environment.ProcessId} on {Environment.MachineName}");
    }

    [Fact]
    public void It_can_be_held_again_once_it_was_let_go()
    {
        SqliteFile.Hold(Path, TimeProvider.System).Dispose();

        Should.NotThrow(() => SqliteFile.Hold(Path, TimeProvider.System).Dispose());
    }

    [Fact]
    public async Task A_lock_of_another_process_counts_and_ends_with_its_kill()
    {
        SqliteFile.Hold(Path, TimeProvider.System).Dispose();
        // flock(1) takes the same lock of the kernel as the server does, and says when it has it.
        var start = new ProcessStartInfo("flock", [Path + ".lock", "sh", "-c", "echo held; exec sleep 60"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var other = Process.Start(start)!;
        try
        {
            (await other.StandardOutput.ReadLineAsync()).ShouldBe("held");
            Should.Throw<DatabaseRefusedException>(() => SqliteFile.Hold(Path, TimeProvider.System));
        }
        finally
        {
            other.Kill(entireProcessTree: true);
            await other.WaitForExitAsync();
        }

        await EventuallyAsync(() => SqliteFile.Hold(Path, TimeProvider.System).Dispose());
    }

    [Fact]
    public async Task Nobody_else_can_read_what_is_in_it()
    {
        var options = Options();
        await using var stores = new StoreFactory(options);
        using var database = TestDatabase.Prepare(stores, options);
        await database.PrepareAsync(CancellationToken.None);
        await using var store = stores.Open();
        await store.Database.OpenConnectionAsync();

        const UnixFileMode others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (File.GetUnixFileMode(System.IO.Path.GetDirectoryName(Path)!) & others).ShouldBe(UnixFileMode.None);
        string[] names = [.. Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!)];
        names.ShouldContain(Path + "-wal");
        names.ShouldAllBe(name => (File.GetUnixFileMode(name) & others) == UnixFileMode.None);
    }

    [Fact]
    public async Task What_was_written_is_folded_into_one_file_before_it_is_let_go()
    {
        var options = Options();
        await using (var stores = new StoreFactory(options))
        using (var database = TestDatabase.Prepare(stores, options))
        {
            await database.PrepareAsync(CancellationToken.None);
        }

        var left = Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!);
        left.ShouldBe([Path, Path + ".lock"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_file_that_others_could_read_is_closed_to_them()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await File.WriteAllBytesAsync(Path, []);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        SqliteFile.Hold(Path, TimeProvider.System).Dispose();

        File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private DatabaseOptions Options() =>
        new()
        {
            Kind = DatabaseKind.Sqlite,
            ConnectionString = $"Data Source={Path}",
            File = Path,
            ListenConnectionString = null,
        };

    private static async Task EventuallyAsync(Action action)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            try
            {
                action();
                return;
            }
            catch (DatabaseRefusedException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
