using System.Formats.Tar;

namespace VClusterManager.Sandbox.Containers.Programs;

/// <summary>
/// <c>tar</c> as <c>kubectl cp</c> uses it: one end packs to its output, the other unpacks from its input.
/// </summary>
internal static class TarProgram
{
    private const int Failure = 2;

    public static async Task<int> RunAsync(ProgramCall call)
    {
        var (mode, archive, directory, names) = Read(call);
        if (archive != "-")
        {
            return await call.FailAsync("only the standard streams can be archives here ('-f -')", Failure);
        }

        return mode switch
        {
            'c' => await PackAsync(call, directory, names),
            'x' => await UnpackAsync(call, directory),
            _ => await call.FailAsync("you must specify one of 'c' and 'x'", Failure),
        };
    }

    /// <summary>Flags come as a first word with or without a dash; those that take a value take the next words in order.</summary>
    private static (char Mode, string Archive, string Directory, List<string> Names) Read(ProgramCall call)
    {
        var (mode, archive, directory) = (' ', "-", call.Directory);
        var names = new List<string>();
        var words = new Queue<string>(call.Words.Skip(1));
        for (var first = true; words.TryDequeue(out var word); first = false)
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                continue;
            }

            if (!first && (!word.StartsWith('-') || word == "-"))
            {
                names.Add(word);
                continue;
            }

            foreach (var flag in word.TrimStart('-'))
            {
                mode = flag is 'c' or 'x' ? flag : mode;
                archive = flag == 'f' ? words.Dequeue() : archive;
                directory = flag == 'C' ? call.Absolute(words.Dequeue()) : directory;
            }
        }

        return (mode, archive, directory, names);
    }

    private static async Task<int> PackAsync(ProgramCall call, string directory, List<string> names)
    {
        var code = 0;
        await using var writer = new TarWriter(call.Io.Out, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var name in names)
        {
            var path = FileTree.Absolute(name, directory);
            if (call.Files.Find(path) is null)
            {
                await call.FailAsync($"{name}: Cannot stat: No such file or directory");
                code = Failure;
                continue;
            }

            if (name.StartsWith('/'))
            {
                await call.Io.ComplainAsync($"tar: Removing leading `/' from member names\n", call.Cancel);
            }

            foreach (var (below, entry) in call.Files.Below(path))
            {
                await writer.WriteEntryAsync(EntryOf(name.Trim('/') + below[path.Length..], entry), call.Cancel);
            }
        }

        return code == 0 ? 0 : await call.FailAsync("Exiting with failure status due to previous errors", code);
    }

    private static PaxTarEntry EntryOf(string name, FileEntry entry)
    {
        var packed = new PaxTarEntry(entry.IsDirectory ? TarEntryType.Directory : TarEntryType.RegularFile, name)
        {
            Mode = (UnixFileMode)entry.Mode,
            ModificationTime = entry.Modified,
        };
        if (!entry.IsDirectory)
        {
            packed.DataStream = new MemoryStream(entry.Content.ToArray());
        }

        return packed;
    }

    private static async Task<int> UnpackAsync(ProgramCall call, string directory)
    {
        if (!call.Files.IsDirectory(directory))
        {
            await call.FailAsync($"{directory}: Cannot open: No such file or directory");
            return await call.FailAsync("Error is not recoverable: exiting now", Failure);
        }

        await using var reader = new TarReader(call.Io.In, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: true, call.Cancel) is { } entry)
        {
            var path = FileTree.Absolute(entry.Name, directory);
            if (entry.EntryType == TarEntryType.Directory)
            {
                call.Files.MakeDirectory(path);
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                using var content = new MemoryStream();
                await (entry.DataStream?.CopyToAsync(content, call.Cancel) ?? Task.CompletedTask);
                call.Files.MakeDirectory(FileTree.Absolute(path + "/..", "/"));
                call.Files.Write(path, content.ToArray(), (int)entry.Mode, entry.ModificationTime);
            }
        }

        return 0;
    }
}
