namespace VClusterManager.Sandbox.Api.Exec;

/// <summary>
/// The line that someone types at a terminal: it is echoed, can be taken back, and reaches the program when it is
/// complete. Ctrl-D on an empty line ends the input.
/// </summary>
internal sealed class TerminalLine
{
    private const byte CtrlC = 3;
    private const byte CtrlD = 4;
    private const byte Backspace = 8;
    private const byte Delete = 127;

    private readonly List<byte> _line = [];

    public (byte[] Echo, byte[] Entered, bool Ends) Take(ReadOnlySpan<byte> typed)
    {
        var (echo, entered, ends) = (new List<byte>(), new List<byte>(), false);
        foreach (var key in typed)
        {
            switch (key)
            {
                case (byte)'\r' or (byte)'\n':
                    entered.AddRange([.. _line, (byte)'\n']);
                    echo.Add((byte)'\n');
                    _line.Clear();
                    break;
                case CtrlC:
                    _line.Clear();
                    echo.AddRange("^C\n"u8);
                    entered.Add((byte)'\n');
                    break;
                case CtrlD:
                    ends |= _line.Count == 0;
                    break;
                case Backspace or Delete when _line.Count > 0:
                    _line.RemoveAt(_line.Count - 1);
                    echo.AddRange("\b \b"u8);
                    break;
                case >= (byte)' ' and not Delete:
                    _line.Add(key);
                    echo.Add(key);
                    break;
            }
        }

        return ([.. echo], [.. entered], ends);
    }

    /// <summary>What a program prints, as a terminal needs it: a new line begins at the left.</summary>
    public static byte[] Shown(ReadOnlySpan<byte> output)
    {
        var shown = new List<byte>(output.Length);
        foreach (var one in output)
        {
            if (one == '\n')
            {
                shown.Add((byte)'\r');
            }

            shown.Add(one);
        }

        return [.. shown];
    }
}
