using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VClusterManager.Server.Processes;

/// <summary>
/// The verb <c>guard FOLDER</c>, which the server calls for itself: a process that waits for the server's end, ends what
/// the server has left running and removes its folder.
/// </summary>
/// <remarks>
/// Its standard input is a pipe that only the server holds the other end of. The kernel closes that end however the
/// server dies, so the wait is one read that blocks. What was being started in that moment is not marked yet: it is
/// looked for until a few looks in a row have found nothing. It ignores what a terminal or a supervisor sends to all
/// processes at once, since the server may go on for a while and needs it until its end.
/// </remarks>
internal static class Guardian
{
    public const string Verb = "guard";

    /// <summary>Said on standard output when it guards.</summary>
    internal const byte Ready = (byte)'.';

    private const int QuietLooks = 4;

    private static readonly PosixSignal[] Ignored =
    [
        PosixSignal.SIGINT,
        PosixSignal.SIGTERM,
        PosixSignal.SIGQUIT,
        PosixSignal.SIGHUP,
    ];

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    // Something that cannot be killed (in the middle of I/O, another user's) is left to the sweep of the next start.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>The exit code: 0; 1 when something could not be ended or removed; 2 when it was called wrongly.</returns>
    public static async Task<int> RunAsync(string folder, TimeProvider time)
    {
        // It kills and deletes: a slip of the fingers must not make it do so anywhere else.
        if (!ServerFolder.IsOne(folder))
        {
            await Console.Error.WriteLineAsync($"{folder} is not the folder of a server.");
            return 2;
        }

        var signals = Array.ConvertAll(Ignored, signal => PosixSignalRegistration.Create(signal, c => c.Cancel = true));
        try
        {
            SayReady();
            WaitForTheEnd();
            return await TidyAsync(folder, time) ? 0 : 1;
        }
        finally
        {
            foreach (var signal in signals)
                signal.Dispose();
        }
    }

    /// <summary>Ends what runs in the folder, and removes it.</summary>
    internal static async Task<bool> TidyAsync(string folder, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var tree = ProcessTree.Of(folder);
        for (var quiet = 0; quiet < QuietLooks; )
        {
            quiet = tree.Kill() && ToolFolder.Remove(folder) ? quiet + 1 : 0;
            if (time.GetElapsedTime(started) > Patience)
                return false;
            await Task.Delay(BetweenLooks, time, CancellationToken.None);
        }

        return true;
    }

    private static void SayReady()
    {
        using var output = Pipe(1, FileAccess.Write);
        try
        {
            output.WriteByte(Ready);
        }
        catch (IOException)
        {
            // Nobody listens: the server is dead already.
        }
    }

    private static void WaitForTheEnd()
    {
        using var input = Pipe(0, FileAccess.Read);
        while (input.ReadByte() >= 0)
        {
            // The server has nothing to say; only the end counts.
        }
    }

    // Not through Console, which would look at the terminal.
    private static FileStream Pipe(int number, FileAccess access) =>
        new(new SafeFileHandle(number, ownsHandle: true), access, bufferSize: 0);
}
