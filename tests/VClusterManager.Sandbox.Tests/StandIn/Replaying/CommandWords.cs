using System.Text;

namespace VClusterManager.Sandbox.Tests.StandIn.Replaying;

/// <summary>A recorded command line as a list of arguments: single quotes are all that was used.</summary>
internal static class CommandWords
{
    public static List<string> Split(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var (quoted, started) = (false, false);
        foreach (var c in line)
        {
            if (c == '\'')
            {
                quoted = !quoted;
                started = true;
            }
            else if (c == ' ' && !quoted)
            {
                Add();
            }
            else
            {
                word.Append(c);
                started = true;
            }
        }

        Add();
        return words;

        void Add()
        {
            if (started)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            started = false;
        }
    }
}
